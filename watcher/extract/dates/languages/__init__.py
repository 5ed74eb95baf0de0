"""How each language says it: one file a language, told in README.md."""
