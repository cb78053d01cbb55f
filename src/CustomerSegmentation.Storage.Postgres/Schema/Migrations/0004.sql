-- The sequence encoder's embedding in the form of SparseVector, and the model that it is of.
ALTER TABLE profile ADD COLUMN encoder text COLLATE "C" NOT NULL DEFAULT '', ADD COLUMN embedding bytea;
