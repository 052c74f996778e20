"""A Serve application that costs nothing."""
import logging

from ray import serve

logger = logging.getLogger("ray.serve")


@serve.deployment(ray_actor_options={"num_cpus": 0})
class Hello:
    def __init__(self):
        logger.info("hello from the replica")

    def __call__(self, request):
        return "hello"


app = Hello.bind()


@serve.deployment(ray_actor_options={"num_cpus": 0})
class Broken:
    def __init__(self):
        raise RuntimeError("it never starts")


broken = Broken.bind()
