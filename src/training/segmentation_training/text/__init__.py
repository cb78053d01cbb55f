"""The text encoder: word pieces, network, training, graph, and what its embeddings are worth."""
