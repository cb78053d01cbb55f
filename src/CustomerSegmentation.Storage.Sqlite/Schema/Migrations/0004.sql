-- The mean of the text encoder's embeddings in the form of SparseVector, and the name of the model that it is of.
ALTER TABLE profile ADD COLUMN text_encoder INTEGER NOT NULL DEFAULT 0;

ALTER TABLE profile ADD COLUMN text BLOB;
