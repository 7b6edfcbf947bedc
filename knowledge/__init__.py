"""Documents → clauses → answers. Knows no channel.

documents/   what a file says: reading it, its clauses, its head, its tables
authoring/   what staff write of it: versions, review, publishing, importing, the seed files
retrieval/   finding the sentences and topics that a question asks for
answering/   from what was found to what is said: an answer, a decline, one question back
public/      what anybody may read: documents and guides on air
insight/     what was asked, what nobody could answer, how fit the knowledge is
"""
