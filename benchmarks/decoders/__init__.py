"""Decoders side by side: each module decodes the same file its own way and says how long that took.

They run as processes of their own, `python -m benchmarks.decoders.<name> FILE`, each in an interpreter that has its library:
ours, or that of the virtual environment named by BENCH_PEERS. So they import nothing but their library and contender.py.
"""
