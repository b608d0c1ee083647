"""The commands of ``minsheng``, a module each; :mod:`qa.cli` puts them together."""
