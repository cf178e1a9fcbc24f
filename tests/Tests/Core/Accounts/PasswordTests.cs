using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Tollkeeper.Accounts;
using Xunit;

namespace Tollkeeper.Tests.Core.Accounts;

public sealed class PasswordTests
{
    static readonly EmailAddress Ana = Address("Ana.Perez@example.com");

    [Fact]
    public void A_password_hashed_by_us_is_one_that_Identity_verifies_and_has_no_wish_to_hash_again()
    {
        var hasher = new PasswordHasher<object>(Options.Create(
            new PasswordHasherOptions { IterationCount = PasswordHash.Iterations }));
        var kept = PasswordHash.Of("s3cret-é ñ", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        Assert.Equal(PasswordVerificationResult.Success, hasher.VerifyHashedPassword(this, kept, "s3cret-é ñ"));
        Assert.Equal(PasswordVerificationResult.Failed, hasher.VerifyHashedPassword(this, kept, "s3cret-e n"));
        Assert.Equal(hasher.HashPassword(this, "s3cret").Length, kept.Length);
    }

    [Theory]
    [InlineData("correct horse", null)]
    [InlineData("trois mots à moi", null)]
    [InlineData("ninechars", Refusal.PasswordTooShort)]
    [InlineData(null, Refusal.PasswordTooShort)]
    [InlineData("with\u0000null!", Refusal.BadText)]
    [InlineData("aaaaaaaaaaaaaa", Refusal.PasswordGuessable)]
    [InlineData("Password123", Refusal.PasswordGuessable)]
    [InlineData("motdepasse123", Refusal.PasswordGuessable)]
    [InlineData("Contraseña1", Refusal.PasswordGuessable)]
    [InlineData("ana.perez@example.com", Refusal.PasswordGuessable)]
    [InlineData("ana.perez2026!", Refusal.PasswordGuessable)]
    [InlineData("Northwind 2026", Refusal.PasswordGuessable)]
    public void A_password_is_long_enough_and_not_what_anybody_tries_first(string? password, Refusal? problem) =>
        Assert.Equal(problem, PasswordRules.Problem(password, Ana, "Northwind"));

    [Theory]
    [InlineData("ana@example.com", true)]
    [InlineData("  ana@example.com ", true)]
    [InlineData("o'brien+bills@mail.example.co.uk", true)]
    [InlineData("josé@ejemplo.mx", true)]
    [InlineData("ana", false)]
    [InlineData("ana@example", false)]
    [InlineData("ana@@example.com", false)]
    [InlineData("ana@example..com", false)]
    [InlineData("ana perez@example.com", false)]
    [InlineData("ana@example.com\r\nBcc: all@example.com", false)]
    [InlineData("<ana@example.com>", false)]
    [InlineData(null, false)]
    public void An_address_is_one_that_a_mail_could_be_sent_to(string? typed, bool fits) =>
        Assert.Equal(fits, EmailAddress.TryParse(typed, out _));

    [Fact]
    public void Addresses_that_differ_in_case_are_one() =>
        Assert.Equal(Address("ana.perez@EXAMPLE.com").Key, Ana.Key);

    static EmailAddress Address(string text)
    {
        Assert.True(EmailAddress.TryParse(text, out var address));
        return address;
    }
}
