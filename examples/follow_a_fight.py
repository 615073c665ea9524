"""Opens a fight against two goblins, plays a hero in it and follows it to its end.

    pip install grpcio grpcio-tools
    mkdir -p examples/gen
    python -m grpc_tools.protoc -I proto --python_out=examples/gen \\
        --grpc_python_out=examples/gen proto/skirmish/v1/*.proto
    export PYTHONPATH=examples/gen SKIRMISH_TOKEN=skm1_...
    python examples/follow_a_fight.py 127.0.0.1:50051 GUILD

The token must be one that may start fights in the guild. Exits with 0 once the fight has ended
and every event was delivered exactly once and in order."""

import os, sys, threading, uuid

import grpc
from skirmish.v1 import combat_service_pb2 as calls, combat_service_pb2_grpc as calls_grpc
from skirmish.v1 import combat_streaming_service_pb2 as streams
from skirmish.v1 import combat_streaming_service_pb2_grpc as streams_grpc
from skirmish.v1 import request_pb2 as wish, snapshot_pb2 as state


class Follower(threading.Thread):
    def __init__(self, stub, session, metadata):
        super().__init__(daemon=True)
        history = streams.ObserveCombatRequest(session_id=session, include_history=True)
        self.frames = stub.ObserveCombat(history, metadata=metadata)
        self.last, self.ended, self.fault = 0, False, None
        self.moved = threading.Condition()
        self.start()

    def run(self):
        try:
            for frame in self.frames:
                if frame.HasField("seq"):  # frames without are no events of the log
                    self.take(frame.seq, frame.WhichOneof("event"))
        except Exception as fault:  # whoever waits is told within a second
            self.fault = fault

    def take(self, seq, kind):
        if seq != self.last + 1:
            raise RuntimeError(f"event {seq} came after {self.last}")
        print(f"{seq:5}  {kind}", flush=True)
        with self.moved:
            self.last, self.ended = seq, self.ended or kind == "ended"
            self.moved.notify_all()

    def wait_past(self, seq):
        with self.moved:
            while not (self.last > seq or self.ended or self.fault):
                self.moved.wait(timeout=1)
        if self.fault:
            raise self.fault


def first_attack(options):
    for entry in options.available_actions:
        for target in entry.targets:
            if entry.enabled and target.enabled and entry.template.HasField("attack"):
                entry.template.attack.target_id = target.creature_id
                return wish.CombatRequest(execute_action=entry.template)


def main(address, guild):
    metadata = [("authorization", "Bearer " + os.environ["SKIRMISH_TOKEN"])]
    channel = grpc.insecure_channel(address)
    fights = calls_grpc.CombatServiceStub(channel)
    goblins = wish.CreatureSpec(**{"from": "srd:goblin-warrior", "count": 2})

    def submit(request, session=""):
        request.request_id, request.session_id = uuid.uuid4().hex, session
        return fights.Submit(request, metadata=metadata)

    opening = wish.Initiate(guild_id=guild, name="Example", creatures=[goblins])
    session = submit(wish.CombatRequest(initiate=opening)).session_id
    look = lambda: fights.GetCombat(calls.GetCombatRequest(session_id=session), metadata=metadata)
    follower = Follower(streams_grpc.CombatStreamingServiceStub(channel), session, metadata)
    foes = {creature.id for creature in look().creatures}
    submit(wish.CombatRequest(join=wish.Join(hero="hero:fighter", side="party")), session)
    submit(wish.CombatRequest(begin=wish.Begin()), session)
    while (now := look()).phase != state.PHASE_ENDED:
        whose = now.prompts[-1].creature_id if now.prompts else now.current_id
        if whose in foes:
            follower.wait_past(now.as_of)
        elif now.prompts:
            no = wish.Respond(prompt_id=now.prompts[-1].prompt_id)
            submit(wish.CombatRequest(respond=no), session)
        else:
            ask = calls.GetOptionsRequest(session_id=session, creature_id=whose)
            end = wish.CombatRequest(end_turn=wish.EndTurn(creature_id=whose))
            submit(first_attack(fights.GetOptions(ask, metadata=metadata)) or end, session)
    while not follower.ended:
        follower.wait_past(follower.last)
    print(f"ended; {follower.last} events, none missing and none twice")


if __name__ == "__main__":
    if len(sys.argv) != 3 or "SKIRMISH_TOKEN" not in os.environ:
        sys.exit(__doc__)
    main(*sys.argv[1:])
