"""Refusals of the Zalo wire: a code in the body of an answer with status 200, and what Zalo says to it."""

# What the codes mean is in zalo.md, section 6; the words are for people who read logs, callers branch on the code.
SAID = {
    -32: "API rate limit reached",
    -100: "Attachment is not found or has expired",
    -124: "Access token is invalid",
    -200: "Send message failed",
    -201: "Parameter is invalid",
    -209: "API is not supported",
    -210: "Parameter is out of range",
    -211: "Out of quota",
    -213: "User is not a follower of the OA",
    -215: "App id is invalid",
    -216: "Access token is invalid",
    -218: "User has received the most messages allowed",
    -220: "Access token has expired or was removed",
    -224: "OA needs to be upgraded",
    -227: "User has been inactive for more than 45 days",
    -230: "User has not interacted with the OA in the past 7 days",
    -232: "User has no interaction with the OA, or it has expired",
    -233: "Message type is not supported",
    -234: "Promotion messages are not sent at night",
    -237: "Group is disabled or has expired",
    -238: "Asset is in use",
    -240: "This message API is shut down, use v3",
    -241: "Asset is disabled",
    -242: "appsecret_proof is invalid",
    -244: "User does not receive this type of message",
    -249: "Template cannot be sent by user id",
    -311: "Replies to the user are used up",
    -403: "OA is not in the group",
}


class ZaloError(Exception):
    """A refused call; `message` says more than the code where it helps."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message or SAID.get(code, "Unknown error"))
        self.code = code


class OauthError(Exception):
    """A refused token call, in the shape of the host for consent."""

    def __init__(self, code: int, name: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.name, self.reason = code, name, reason
