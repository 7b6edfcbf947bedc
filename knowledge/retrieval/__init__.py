"""Finding the sentences of live documents that answer a question, whoever wrote the document.

kinds.py      what a question asks for (a day, an amount, a list …) and what a sentence holds
lexicon.py    what people say → what documents write; adds words to a search, never replaces one
passages.py   every sentence of every live document, with where it stands
ranking.py    how near a sentence is to a question, and how sure that it answers
"""
