package org.messengerp2p.bench.load;

/** A range of recipients. */
public record Boxes(int first, int count) {

    public Boxes {
        if (first < 0 || count < 1) {
            throw new IllegalArgumentException("a range has at least one recipient");
        }
    }

    /** The recipients behind these. */
    public Boxes next(int howMany) {
        return new Boxes(first + count, howMany);
    }

    public int end() {
        return first + count;
    }

    /** The {@code n}th call goes to. */
    public int inTurn(int n) {
        return first + n % count;
    }
}
