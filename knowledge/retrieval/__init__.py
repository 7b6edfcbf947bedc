"""Finding what answers a question: topics that staff wrote, and the sentences of live documents, whoever wrote them.

snapshot.py          everything that may answer, read once and never changed     search.py     the way in
index.py             topics' wordings, compared by words and by meaning          normalise.py  one spelling, no fillers
topic_ranking.py     how sure that a topic is what is asked
passages.py          every sentence of every live document, with where it stands
passage_ranking.py   how near a sentence is to a question; certainty.py: how sure that it answers
kinds.py             what a question asks for (a day, an amount, a list …) and what a sentence holds
scopes.py            where, for whom and for which benefit a rule holds; choosing.py: which of two sentences says it
lexicon.py           what people say → what documents write; adds words to a search, never replaces one
"""
