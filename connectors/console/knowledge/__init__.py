"""Documents, questions and answers, guides, points: written, reviewed, tried, imported."""
