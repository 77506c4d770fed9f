"""The pages of identity: signing in, second factors, one's own account, who patients are."""

from fastapi import APIRouter

from identity.finding import routes as finding
from identity.routes import (
    account,
    activation,
    directory,
    passkeys,
    patients,
    second,
    set_up,
    sign_in,
)

router = APIRouter(include_in_schema=False)
for part in (sign_in, second, set_up, passkeys, account, activation, patients, directory, finding):
    router.include_router(part.router)
