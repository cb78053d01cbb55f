"""How the networks are fitted: contrastive, supervised, repeatable."""
