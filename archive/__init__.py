"""What we hold: records, WARC files, the object store, the catalogue, and how to reach them."""
