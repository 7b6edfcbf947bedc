#!/usr/bin/env bash
# scikit-learn 1.7.2 with scipy 1.17.1 (1.1.3 with 1.10.1 as well): LogisticRegression and SGDClassifier copy all of their weights for every sparse
# sentence that they judge. They keep coef_ in rows by class; predict_proba multiplies the sparse row by coef_.T, and scipy's
# sparse-by-dense product ravels that transposed array, which copies it each time. For text (100,000 n-grams, 30 classes) that is 24 MB
# for a sentence with 40 features. The same weights as np.asfortranarray(coef_) give the same answer without a copy.
# LinearSVC is spared: liblinear hands its weights over in that order already. In scikit-learn 1.9.1 LogisticRegression is spared as
# well, SGDClassifier is not.
# Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
cat > "$folder/ask.py" <<'PY'
import tracemalloc
import warnings

import numpy as np
import scipy
import sklearn
from scipy.sparse import random as sparse_random
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.svm import LinearSVC

FEATURES, CLASSES = 100_000, 30
rng = np.random.default_rng(1)
X = sparse_random(300, FEATURES, density=40 / FEATURES, format="csr", random_state=1)
y = np.arange(300) % CLASSES


def peak_mb(model, row) -> float:
    """What one judgement allocates at most."""
    model.decision_function(row)
    tracemalloc.start()
    model.decision_function(row)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


print("scikit-learn", sklearn.__version__, "scipy", scipy.__version__)
for kind in (LogisticRegression(max_iter=2), SGDClassifier(max_iter=2, tol=None), LinearSVC(max_iter=20)):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kind.fit(X, y)
    weights_mb = kind.coef_.nbytes / 1e6
    as_fitted = peak_mb(kind, X[0])
    before = kind.decision_function(X[0])
    kind.coef_ = np.asfortranarray(kind.coef_)
    in_order = peak_mb(kind, X[0])
    assert np.allclose(before, kind.decision_function(X[0]))
    print(
        f"{type(kind).__name__}: weights {weights_mb:.0f} MB; one sentence allocates {as_fitted:.1f} MB,"
        f" with the weights in order {in_order:.2f} MB"
    )
    copies = {"1.7.2": (LogisticRegression, SGDClassifier), "1.9.1": (SGDClassifier,)}[sklearn.__version__]
    assert (as_fitted > 0.9 * weights_mb) == isinstance(kind, copies), "who copies has changed"
    assert in_order < 0.1 * weights_mb, "in order it copies now, too"
PY
for learn in 1.7.2 1.9.1; do
  "$folder/env/bin/pip" install -q scikit-learn==$learn scipy==1.17.1 numpy==2.2.6
  "$folder/env/bin/python" "$folder/ask.py"
done
