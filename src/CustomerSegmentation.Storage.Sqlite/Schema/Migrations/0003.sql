-- The sequence encoder's embedding in the form of SparseVector, and the name of the model that it is of.
ALTER TABLE profile ADD COLUMN encoder INTEGER NOT NULL DEFAULT 0;

ALTER TABLE profile ADD COLUMN embedding BLOB;
