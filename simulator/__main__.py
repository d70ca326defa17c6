"""Lets `python -m simulator` run the command."""

import typer

from simulator.command import simulate

app = typer.Typer(add_completion=False)
app.command()(simulate)

if __name__ == "__main__":
    app(prog_name="python -m simulator")
