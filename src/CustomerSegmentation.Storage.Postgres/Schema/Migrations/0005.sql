-- The mean of the text encoder's embeddings in the form of SparseVector, and the model that it is of.
ALTER TABLE profile ADD COLUMN text_encoder text COLLATE "C" NOT NULL DEFAULT '', ADD COLUMN text bytea;
