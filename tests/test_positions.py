"""The line of each key in a TOML file, found without the help of a parser that keeps them."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.keys import leaves
from sim.scenario.positions import lines_of


def test_keys_are_found_in_every_way_toml_writes_them():
    text = '''\
# a = 1
a = 1 # b = 2
"b c".'d' = [1, # e = 3
  [2, { x = 1 }], "]",
]
text = """
f = 1
quote \\""" and four""""
literal = \'\'\'
[g]
\'\'\'
[ h . "i" ]
j = { k = 1, l.m = { n = "}" }, o = [","] }
"\\u0041" = 1979-05-27 07:32:00
1.5 = 2.5
[[list]]
p = ""
'''
    lines = lines_of(text)
    assert lines == {
        ("a",): 2,
        ("b c",): 3,
        ("b c", "d"): 3,
        ("text",): 6,
        ("literal",): 9,
        ("h",): 12,
        ("h", "i"): 12,
        ("h", "i", "j"): 13,
        ("h", "i", "j", "k"): 13,
        ("h", "i", "j", "l"): 13,
        ("h", "i", "j", "l", "m"): 13,
        ("h", "i", "j", "l", "m", "n"): 13,
        ("h", "i", "j", "o"): 13,
        ("h", "i", "A"): 14,
        ("h", "i", "1"): 15,
        ("h", "i", "1", "5"): 15,
        ("list",): 16,
        ("list", "p"): 17,
    }
    assert tomllib.loads(text)["h"]["i"]["1"]["5"] == 2.5


def test_windows_line_ends_count_as_one():
    assert lines_of("a = 1\r\n\r\nb = '''\r\n'''\r\nc = 2\r\n") == {("a",): 1, ("b",): 3, ("c",): 5}


bare = st.text("abz_-09", min_size=1, max_size=3)
quoted = st.text("ab.=#[]{}'\n ", max_size=4).map(lambda text: '"' + text.replace("\n", "\\n") + '"')
key = st.lists(
    bare
    | quoted
    | quoted.filter(lambda text: "'" not in text and "\\" not in text).map(lambda text: "'" + text[1:-1] + "'"),
    min_size=1,
    max_size=3,
).map(".".join)
scalar = st.sampled_from(
    ["1", "-1.5e3", "true", "'#'", '"\\"="', "1979-05-27", "07:32:00", '"""\n[x]\n"""', "'''\na=1'''", "nan"]
)
value = st.recursive(
    scalar,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ",\n# ]\n".join(items) + "]")
        | st.lists(st.tuples(key, inner), max_size=3).map(
            lambda items: "{" + ", ".join(f"{k} = {v}" for k, v in items) + "}"
        )
    ),
    max_leaves=4,
)
statement = (
    st.tuples(key, value).map(lambda pair: f"{pair[0]} = {pair[1]}")
    | key.map(lambda name: f"[{name}]")
    | st.sampled_from(["", "# [comment] = 1", "\t "])
)


@given(st.lists(statement, max_size=8).map("\n".join))
def test_the_keys_found_are_those_that_tomllib_reads(text):
    try:
        tree = tomllib.loads(text)
    except ValueError:
        return
    lines = lines_of(text)
    assert {at for at, _ in leaves(tree)} <= set(lines)
    for at, line in lines.items():
        here = tree
        for part in at:
            here = here[part]
        assert 1 <= line <= text.count("\n") + 1
