"""Features of how a sentence sounds: n-grams of toneless pinyin syllables.

Speech recognition writes homophones (异地就医 → 医地就医): the characters change, the sound hardly does. The features
are hashed, so nothing is trained or stored. Runs in the Rasa engine (Python 3.10); under 1 ms a sentence.
"""

from __future__ import annotations

from typing import Any, Dict, List, Text, Type

from pypinyin import lazy_pinyin
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import HashingVectorizer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class PinyinFeaturizer(SparseFeaturizer, GraphComponent):
    """One sparse sentence feature per message, shape [1, `buckets`]: counts of 1 to `longest` syllables in a row."""

    @classmethod
    def required_components(cls) -> List[Type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {**SparseFeaturizer.get_default_config(), "buckets": 8192, "longest": 3}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PinyinFeaturizer:
        return cls(execution_context.node_name, config)

    def __init__(self, name: Text, config: Dict[Text, Any]) -> None:
        super().__init__(name, config)
        self._hashing = HashingVectorizer(
            tokenizer=lazy_pinyin,
            token_pattern=None,
            ngram_range=(1, config["longest"]),
            n_features=config["buckets"],
            norm=None,
        )

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the feature to every message that has text."""
        for message in messages:
            if message.get(TEXT):
                counts = self._hashing.transform([message.get(TEXT)])
                alias = self._config[FEATURIZER_CLASS_ALIAS]
                message.add_features(Features(counts.tocoo(), FEATURE_TYPE_SENTENCE, TEXT, alias))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        # Rasa hands the data over by parameter name: it must be called `training_data`.
        self.process(training_data.training_examples)
        return training_data

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        if config["longest"] < 1 or config["buckets"] < 1:
            raise ValueError("PinyinFeaturizer: longest and buckets must be positive")
