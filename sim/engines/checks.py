"""Functions of every module: Python's arithmetic where WebAssembly's is another, and what is checked in the checking mode.

What traps says where in the global `site`.
"""

TRAP = "(then (global.set $site (local.get $site)) (unreachable))"

# Python's % and // of whole numbers: the sign goes by the divisor. Python's shifts: by any count that is not below zero.
HELPERS = """\
(global $site (export "site") (mut i32) (i32.const 0))
(func $floor_mod (param $a i64) (param $b i64) (result i64) (local $r i64)
  (local.set $r (i64.rem_s (local.get $a) (local.get $b)))
  (if (result i64)
    (i32.and (i64.ne (local.get $r) (i64.const 0)) (i64.lt_s (i64.xor (local.get $r) (local.get $b)) (i64.const 0)))
    (then (i64.add (local.get $r) (local.get $b))) (else (local.get $r))))
(func $floor_div (param $a i64) (param $b i64) (result i64)
  (i64.sub (i64.div_s (local.get $a) (local.get $b))
    (i64.extend_i32_u (i32.and
      (i64.ne (i64.rem_s (local.get $a) (local.get $b)) (i64.const 0))
      (i64.lt_s (i64.xor (local.get $a) (local.get $b)) (i64.const 0))))))
(func $shift_right (param $a i64) (param $count i64) (param $site i32) (result i64)
  (if (i64.lt_s (local.get $count) (i64.const 0)) TRAP)
  (i64.shr_s (local.get $a)
    (select (local.get $count) (i64.const 63) (i64.lt_s (local.get $count) (i64.const 63)))))
(func $shift_left (param $a i64) (param $count i64) (param $site i32) (result i64)
  (if (i64.gt_u (local.get $count) (i64.const 63)) TRAP)
  (i64.shl (local.get $a) (local.get $count)))""".replace("TRAP", TRAP)

CHECKS = """\
(func $within (param $index i64) (param $length i64) (param $site i32) (result i64)
  (if (i64.ge_u (local.get $index) (local.get $length)) TRAP)
  (local.get $index))
(func $divisor (param $b f64) (param $site i32) (result f64)
  (if (f64.eq (local.get $b) (f64.const 0)) TRAP)
  (local.get $b))
(func $whole_divisor (param $b i64) (param $site i32) (result i64)
  (if (i64.eqz (local.get $b)) TRAP)
  (local.get $b))
(func $not_below_zero (param $x f64) (param $site i32) (result f64)
  (if (f64.lt (local.get $x) (f64.const 0)) TRAP)
  (local.get $x))
(func $truncated (param $x f64) (param $site i32) (result i64)
  (if (i32.eqz (f64.lt (f64.abs (local.get $x)) (f64.const 0x1p63))) TRAP)
  (i64.trunc_f64_s (local.get $x)))
(func $exact (param $a i64) (param $site i32) (result f64) (local $x f64)
  (local.set $x (f64.convert_i64_s (local.get $a)))
  (if (i32.or (i64.ne (i64.trunc_sat_f64_s (local.get $x)) (local.get $a)) (f64.eq (local.get $x) (f64.const 0x1p63))) TRAP)
  (local.get $x))
(func $sum (param $a i64) (param $b i64) (param $site i32) (result i64) (local $r i64)
  (local.set $r (i64.add (local.get $a) (local.get $b)))
  (if (i64.lt_s (i64.and (i64.xor (local.get $a) (local.get $r)) (i64.xor (local.get $b) (local.get $r)))
    (i64.const 0)) TRAP)
  (local.get $r))
(func $difference (param $a i64) (param $b i64) (param $site i32) (result i64) (local $r i64)
  (local.set $r (i64.sub (local.get $a) (local.get $b)))
  (if (i64.lt_s (i64.and (i64.xor (local.get $a) (local.get $b)) (i64.xor (local.get $a) (local.get $r)))
    (i64.const 0)) TRAP)
  (local.get $r))
(func $product (param $a i64) (param $b i64) (param $site i32) (result i64) (local $r i64)
  (local.set $r (i64.mul (local.get $a) (local.get $b)))
  (if (i64.eq (local.get $a) (i64.const -1))
    (then (if (i64.eq (local.get $b) (i64.const 0x8000000000000000)) TRAP))
    (else (if (i64.ne (local.get $a) (i64.const 0))
      (then (if (i64.ne (i64.div_s (local.get $r) (local.get $a)) (local.get $b)) TRAP)))))
  (local.get $r))
(func $shifted (param $a i64) (param $count i64) (param $site i32) (result i64) (local $r i64)
  (local.set $r (call $shift_left (local.get $a) (local.get $count) (local.get $site)))
  (if (i64.ne (i64.shr_s (local.get $r) (local.get $count)) (local.get $a)) TRAP)
  (local.get $r))""".replace("TRAP", TRAP)

# What is said of a place that traps.
OUTSIDE = "an index outside of its array"
BY_ZERO = "a division by zero"
TOO_LARGE = "a whole number of more than 64 bits"
NOT_EXACT = "a whole number above 2**53 that is no exact number"
NO_WHOLE = "int() of what is no number, or of one of more than 64 bits"
NO_ROOT = "the square root of a number below zero"
NO_SHIFT = "a shift by less than nothing, or out of 64 bits"
ROUNDS = 10_000_000  # of one loop: in Python as many take seconds
ENDLESS = f"a loop that does not end: it goes round more than {ROUNDS:,} times"
