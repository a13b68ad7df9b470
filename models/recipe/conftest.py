"""One thread for an operator: split ones wait for each other at every step, and stall where another program takes a core."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")
