"""What is learnt from training sentences: the intent, the matter of a wish, what kind of reply a reply is, and danger.

Four learners on the same features. Which errand "娃生下来四十天了，户口前天刚上上" is a wish for, or which of
their own data somebody wants told, is a `matter`; an item's own words (casework/data/items.yaml) are the other way to
find it, so that a new item needs no training. What somebody says when they were just asked something
("等俺找找花镜", "问这个干啥") is a `reply` of some kind: what it holds is read elsewhere, and this tells whether it is
meant to hold anything.

Matters and kinds of replies stand in the metadata of training sentences. Runs in the Rasa engine (Python 3.10).
"""

from __future__ import annotations

from typing import Any, Dict, List, Text, Tuple

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.tensorflow.constants import RANKING_LENGTH
from scipy.sparse import csr_matrix

MATTERS = "matters"
"""Key of a message: {intent: {"name", "confidence"}}, for each intent that has matters and may be meant."""
REPLY = "reply"
"""Key of a message: {"name", "confidence"}; and the intent under which replies stand, which nobody is taken to have."""
DANGER = "danger"
"""Key of a message: {"name": medical, fire, police or despair, "confidence": that it is any of them}."""
EMERGENCY, _SAFE = "emergency", "safe"
_AS_REPLIES = {
    **dict.fromkeys(("affirm", "deny", "choose", "give_phone", "prove_identity"), "value"),
    "ask_policy": "question",
    **dict.fromkeys(
        ("slower", "faster", "goodbye", "thanks", "greet", "ask_more", "ask_source", "bot_challenge"), "aside"
    ),
}
"""What sentences of some intents would be as replies; `aside`: about the talk itself."""
_FEATURES = "learnt_features"
"""Key of a message, not in its output: what all of them look at."""
_OF = "/"
_MAY_BE_MEANT = 0.05
"""How likely an intent must be for its matters to be looked at."""


class _Learner(LogisticRegressionClassifier):
    """Learns `_label` of each training sentence; those without one are left out.

    The weights are kept in the order and precision in which scipy multiplies them: in any other they are copied, all
    of them (up to 60 MB), for every message."""

    def train(self, training_data: TrainingData) -> Resource:
        self.clf.fit(*self._create_training_matrix(training_data))
        self.clf.coef_ = np.asfortranarray(self.clf.coef_, dtype=np.float32)
        self.persist()
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing that comes later learns from our guesses."""
        return training_data

    def _create_training_matrix(self, training_data: TrainingData) -> Tuple[csr_matrix, List[Text]]:
        labelled = [(example, self._label(example)) for example in training_data.intent_examples if example.get(TEXT)]
        kept = [(example, label) for example, label in labelled if label]
        return self._create_X([example for example, _ in kept]), [label for _, label in kept]

    def _label(self, example: Message) -> Text:
        raise NotImplementedError

    def _chances(self, message: Message) -> Dict[Text, float]:
        features = message.get(_FEATURES)
        if features is None:  # the first of them
            features = csr_matrix(self._create_X([message]), dtype=np.float32)
            message.set(_FEATURES, features)
        [chances] = self.clf.predict_proba(features)
        return {str(label): float(chance) for label, chance in zip(self.clf.classes_, chances, strict=True)}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentLearner(_Learner):
    """Rasa's logistic regression, without what is none of its business: replies, and dangers."""

    def _label(self, example: Message) -> Text:
        intent: Text = example.get(INTENT) or ""
        return "" if intent in (REPLY, EMERGENCY) else intent

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            chances = self._chances(message)
            ranking = [
                {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: chances[intent]}
                for intent in sorted(chances, key=lambda one: -chances[one])
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[: self.config[RANKING_LENGTH]], add_to_output=True)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MatterLearner(_Learner):
    """Adds `matters` to a message whose intent has some; runs after the intents."""

    def _label(self, example: Message) -> Text:
        matter = _metadata(example, "matter")
        return matter and f"{example.get(INTENT)}{_OF}{matter}"

    def process(self, messages: List[Message]) -> List[Message]:
        intents = {str(label).split(_OF)[0] for label in self.clf.classes_}
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY) or []
            likely = {one[INTENT_NAME_KEY] for one in ranking if one[PREDICTED_CONFIDENCE_KEY] >= _MAY_BE_MEANT}
            if message.get(TEXT) and intents & likely:
                message.set(MATTERS, self._matters(message, intents & likely), add_to_output=True)
        return messages

    def _matters(self, message: Message, intents: set[Text]) -> Dict[Text, Any]:
        """Of each intent the likeliest matter, and how likely it is among those of this intent."""
        chances, found = self._chances(message), {}
        for intent in intents:
            of_it = {label[len(intent) + 1 :]: n for label, n in chances.items() if label.startswith(intent + _OF)}
            name = max(of_it, key=lambda one: of_it[one])
            found[intent] = {"name": name, "confidence": of_it[name] / sum(of_it.values())}
        return found


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ReplyLearner(_Learner):
    """Adds `reply` to every message: what kind it is of, should something have been asked."""

    def _label(self, example: Message) -> Text:
        return _metadata(example, REPLY) or _AS_REPLIES.get(example.get(INTENT) or "", "")

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if message.get(TEXT):
                chances = self._chances(message)
                kind = max(chances, key=lambda one: chances[one])
                message.set(REPLY, {"name": kind, "confidence": chances[kind]}, add_to_output=True)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerLearner(_Learner):
    """Adds `danger` to every message: how likely it tells of a danger to life, against all other sentences, replies
    included. The intents know no replies, and take "我躺着打吊瓶呢" for the likeliest of what they know."""

    def _label(self, example: Message) -> Text:
        return _metadata(example, DANGER) if example.get(INTENT) == EMERGENCY else _SAFE

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if message.get(TEXT):
                chances = self._chances(message)
                safe = chances.pop(_SAFE)
                kind = max(chances, key=lambda one: chances[one])
                message.set(DANGER, {"name": kind, "confidence": 1.0 - safe}, add_to_output=True)
        return messages


def _metadata(example: Message, key: Text) -> Text:
    """What the training data say about a sentence; "" where they do not."""
    return ((example.get("metadata") or {}).get(INTENT) or {}).get(key, "")
