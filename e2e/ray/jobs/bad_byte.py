"""A byte that is not UTF-8 in the middle, more lines, then exit code 7."""
import sys
import time

out = sys.stdout.buffer
for number in range(100):
    out.write(b"before %d\n" % number)
out.flush()
# Ray decodes what it finds at once: what is to come before must have been read before.
time.sleep(2)
out.write(b"a byte \xff that is no UTF-8, and half a character \xe4\xb8\n")
for number in range(100):
    out.write(b"after %d\n" % number)
out.flush()
time.sleep(1)
out.write(b"the end\n")
out.flush()
sys.exit(7)
