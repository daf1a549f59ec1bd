"""The scenes by name, as `content/pictures.toml` and `content/authors.toml` ask for them."""

from collections.abc import Callable

from stoppress.demo.pictures import (
    abstract,
    city,
    harbour,
    landscape,
    plans,
    portraits,
    sport,
    stilllife,
)

Scene = Callable[..., None]

SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        abstract.ballot,
        sport.chess,
        abstract.comet,
        abstract.debate,
        abstract.deep,
        abstract.flock,
        abstract.ledger,
        abstract.signatures,
        abstract.stairs,
        abstract.tracks,
        city.bridge,
        city.facade,
        city.hall,
        city.rain,
        city.skyline,
        harbour.cranes,
        harbour.ferry,
        harbour.picket,
        harbour.queue,
        harbour.ship,
        harbour.yard,
        landscape.coast,
        landscape.dam,
        landscape.fields,
        landscape.hills,
        landscape.snow,
        plans.bars,
        plans.chamber,
        plans.coastline,
        plans.frontier,
        plans.lines,
        portraits.portrait,
        sport.bather,
        sport.pitch,
        sport.runners,
        sport.sails,
        stilllife.books,
        stilllife.bread,
        stilllife.fish,
        stilllife.organ,
        stilllife.table,
    )
}
