"""Encoders over tokens, networks over feature vectors, heads."""
