"""One line of 5 MB, then more."""
import time

print("short")
# Ray sends what it finds at once: what is to come before must have been read before.
time.sleep(2)
print("x" * 5_000_000)
for number in range(50):
    print("after the long line", number)
