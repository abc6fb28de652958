"""The group desk: what happens in an agency's or the operators' group, decided and never done."""
