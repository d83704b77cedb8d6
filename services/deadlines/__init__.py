"""The clock of the law: rules and facts make obligations, evidence closes them."""
