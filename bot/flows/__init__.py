"""Whatever takes several steps: queries, filings, authorisations. `manager.py` is the way in, `step.py` a step.

identify/   who is speaking, and for whom        query/       what the core system knows of them
apply/      a filing, field by field             authorise/   letting a relative act, until when
"""
