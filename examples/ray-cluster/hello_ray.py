import ray

ray.init()


@ray.remote
def hello(number):
    return f"hello {number}"


for text in ray.get([hello.remote(number) for number in range(3)]):
    print(text, flush=True)
