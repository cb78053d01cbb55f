"""Tests of src/training: python3 -m unittest discover -s tests/training -t tests"""

import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src" / "training"))
warnings.filterwarnings("ignore", category=DeprecationWarning)
