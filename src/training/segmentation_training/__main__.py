"""python3 -m segmentation_training"""

import sys

from .commands import main

sys.exit(main())
