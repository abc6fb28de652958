"""The words for people: one folder of YAML files a language, and the catalogue that reads them."""
