"""What a migrated database looks like, written for people: docs/schema.md with its picture, docs/schema.sql, sql/checksums.txt.

`make schema` writes them; tests hold them equal to what the migrations make.
"""
