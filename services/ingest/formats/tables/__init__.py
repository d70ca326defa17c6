"""Tables of decoded reports, CSV and its like and Parquet, read by the names of their columns; `table.py` lists the layouts."""
