"""Makes one program of the C++ that a page of the documentation shows, so that it is compiled.

usage: cpp_page.py PAGE PROLOGUE OUT

The page's ```cpp fences are one function, in their order, behind what PROLOGUE (a header) declares; a fence that has a main of its own is
a program, in a namespace of its own. #include lines go to the top.
"""

import pathlib
import re
import sys

FENCE = re.compile(r"^```cpp\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main():
    page, prologue, out = (pathlib.Path(argument) for argument in sys.argv[1:])
    text = page.read_text()
    includes, flow, programs = [], [], []
    for fence in FENCE.finditer(text):
        line = text.count("\n", 0, fence.start()) + 2
        code = fence.group(1)
        found = re.findall(r"^#include .*$", code, re.MULTILINE)
        includes += found
        code = re.sub(r"^#include .*$", "", code, flags=re.MULTILINE)
        placed = f'#line {line} "{page.name}"\n{code}'
        if re.search(r"^int main\(", code, re.MULTILINE):
            programs.append(f"namespace program_{line} {{\n{placed}}}\n")
        else:
            flow.append(placed)
    if not flow:
        sys.exit(f"{page}: no C++ in it")
    quoted = [re.sub(r"<(stream|graph|cep|rules)/(.*)>", r'"\1/\2"', one) for one in includes]
    out.write_text("\n".join([f'#include "{prologue}"', *dict.fromkeys(quoted), "", *programs,
                              "void page(prologue& given) {", "WEIR_PAGE_NAMES(given)", *flow, "}", ""]))


if __name__ == "__main__":
    main()
