"""The same intake on two ready-made frameworks; runs in the environment of requirements.txt, never in the program's."""
