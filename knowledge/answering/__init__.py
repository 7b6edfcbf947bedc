"""From a question to what is said. `answer.py` is the way in; the other modules are each one reason of it.

places.py, years.py    whose rules, and of which year          deciding.py     a topic that staff wrote, or a sentence?
composing.py           what is read and what is spoken         verdict.py      yes or no first, where a sentence says it
asking_back.py         one short question, two choices         explaining.py   why it was answered so, for staff
"""
