"""The pages of identity: signing in, second factors, one's own account."""

from fastapi import APIRouter

from identity.routes import account, activation, passkeys, second, set_up, sign_in

router = APIRouter(include_in_schema=False)
for part in (sign_in, second, set_up, passkeys, account, activation):
    router.include_router(part.router)
