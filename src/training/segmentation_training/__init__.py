"""Trains the sequence encoders and heads that CustomerSegmentation serves. Start with README.md; SPECIFICATION.md is the contract with serving."""

__version__ = "0.1.0"
