"""Measures, confidence intervals, fairness, and the side-by-side comparison."""
