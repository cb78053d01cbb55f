"""What the shop exports, as arrays: tokens, features, labels, split."""
