"""The same seed gives the same model, bit by bit on CPU."""

import math
import os
import random

import numpy as np
import torch


def make_repeatable(seed: int, threads: int) -> None:
    """Seeds every source of randomness and asks for deterministic kernels. The number of threads decides in which order sums are taken: it counts as well."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    # On a GPU some kernels have no deterministic form: there they warn, and two runs may differ in the last bits.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=torch.cuda.is_available())


def device() -> torch.device:
    """The GPU when there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def warm_up_then_cosine(step: int, steps: int, warm_up_share: float = 0.05) -> float:
    """The factor on the learning rate: up from 0 over the first steps, then down to 0 along a half cosine (Loshchilov, Hutter 2017)."""
    warm_up = max(1, int(steps * warm_up_share))
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 * (1 + math.cos(math.pi * (step - warm_up) / max(1, steps - warm_up)))
