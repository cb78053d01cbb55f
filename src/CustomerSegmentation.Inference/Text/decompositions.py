"""Writes decompositions.txt from the Unicode tables of the Python that runs it: python3 decompositions.py > decompositions.txt"""

import unicodedata

HANGUL = range(0xAC00, 0xD7A4)
SURROGATES = range(0xD800, 0xE000)

print(
    "# Characters that decompose canonically (NFD), and what is left of them without combining marks (Mn). "
    "Unicode 14. Hangul syllables follow a rule and are not listed."
)
print("# Made by src/CustomerSegmentation.Inference/Text/decompositions.py")
for code in range(0x110000):
    if code in HANGUL or code in SURROGATES:
        continue
    parts = unicodedata.normalize("NFD", chr(code))
    if parts != chr(code):
        left = [ord(part) for part in parts if unicodedata.category(part) != "Mn"]
        print(" ".join(f"{number:04X}" for number in [code, *left]))
