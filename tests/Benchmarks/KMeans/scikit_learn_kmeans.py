"""Answers each line on standard input with one timed scikit-learn fit: "seconds cpu_seconds iterations inertia" on standard output.

Arguments: data file (float32, row-major), centroid file, rows, columns, k, iterations at most.
"""

import os
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_info

data_file, centroid_file, rows, columns, k, iterations_max = sys.argv[1:3] + [int(a) for a in sys.argv[3:7]]
data = np.fromfile(data_file, dtype=np.float32).reshape(rows, columns)
initial = np.fromfile(centroid_file, dtype=np.float32).reshape(k, columns)
warnings.simplefilter("ignore")

KMeans(k, init=initial, n_init=1, max_iter=2, tol=0).fit(data[:10_000])
libraries = sorted({f"{i['internal_api']} {i.get('version') or ''}".strip() + f" x{i['num_threads']}" for i in threadpool_info()})
print(f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, {', '.join(libraries)}, {os.cpu_count()} cores", flush=True)

for _ in sys.stdin:
    start, cpu = time.perf_counter(), time.process_time()
    model = KMeans(k, init=initial, n_init=1, max_iter=iterations_max, tol=0).fit(data)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(f"{seconds:.6f} {cpu:.6f} {model.n_iter_} {model.inertia_:.1f}", flush=True)
