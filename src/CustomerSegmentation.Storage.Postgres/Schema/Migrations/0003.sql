-- Vectors in the form of SparseVector: the number of columns, a bit for each that is set, and those values. A dense vector is one with all bits set.
UPDATE profile SET vector =
  set_byte(set_byte('\x0000'::bytea, 0, octet_length(vector) / 4 % 256), 1, octet_length(vector) / 4 / 256)
  || decode(repeat('ff', (octet_length(vector) / 4 + 7) / 8), 'hex') || vector;
