"""The bureau's core system behind one small contract (`contract`); which one is used is decided in `choose.connect`.

`http` asks the bureau's own: `calls` is one question with patience and `breaker`, `wire` the strict reading of
docs/core-api.yaml. A demo's own, and a process that speaks the interface, for tests and for trying out, are in `demo`.
"""
